## Talking with clients: what the bot says in their topics

talk-taken = 🙋 <b>{ $name }</b> answers this client now.
talk-assigned = 👉 { $by } hands this client over: <b>{ $name }</b> answers now.
talk-has-no-group = ⚠️ { $name } has no group for clients yet and cannot read this there: ask them to write /bind me in one.
talk-closed = 🏁 { $name } closed the conversation. A word from either side opens it again.
talk-reopened = ↩️ { $name } reopened the conversation.
talk-consult = 🤫 { $name } switched the client off: what you write here stays among us. /consult switches the client on again.
talk-consult-over = 💬 { $name } switched the client on again: what you write here now goes to the client.
talk-linked = 🔗 { $name } says who it is: <b>{ $client }</b>, client { $number } of RentProg.
talk-moved-responsible = 👤 <b>{ $name }</b> answers this client: the booking is theirs.
talk-moved-shift = 👤 <b>{ $name }</b> answers this client: on shift, with the fewest conversations.
talk-moved-above = 👤 <b>{ $name }</b> answers this client: nobody of the branch can be asked now.
talk-moved-silent = ⏫ The client has waited { worked }, { $former } gave no answer. <b>{ $name }</b> answers now.
talk-moved-absent = ⏫ { $former } is away{ $minutes ->
    [0] {""}
   *[other] , the client has waited { $minutes } min
}. <b>{ $name }</b> answers now.
talk-level-skipped = • { talk-level }: cannot be asked now
talk-level-missed = • { talk-level }: the turn went by while I was down
talk-level = { $level ->
    [0] employee
    [1] branch head
    [2] division head
   *[3] director
}
talk-group-welcome = 👋 { $name }, this is now your group for clients: a topic per client, what you write there goes to the client in their language. { $clients ->
    [0] No conversation is open now.
    [one] One conversation is open, its topic is coming.
   *[other] { $clients } conversations are open, their topics are coming, one by one.
}

## What does not go to the client

talk-edit-too-late = ✏️ The client does not get this change, only what stands under the message. Need other words? Write a new message.
talk-not-sent-consult = 🤫 Not sent: the client is switched off here. Write /consult and then again.
talk-taken-back = This message was taken back. If the client is to get it after all, write it anew.
talk-command-unknown = ❓ I do not know this command. The client got nothing.
talk-kind-not-sent = 📎 I cannot pass this on. The client got nothing: send text, a photo, a video, a voice message or a file.
talk-group-is-not-bound = ⚠️ The client got nothing: this is nobody's group for clients any more. Its owner writes /bind me.
talk-anonymous = 🕶 I cannot see who writes, so the client got nothing. Switch off “Remain anonymous” and write again.
talk-write-in-topics = Nothing goes to a client from here: write in the topic of the client.
talk-file-too-big = 📦 This file was not passed on: it is larger than { $megabytes } MB, and Telegram lets no bot download it. Send a smaller one.

## Commands in a client's topic

talk-only-in-topic = This command works in a client's topic, in your group for clients.
talk-take-already = You answer this client already.
talk-close-already = The conversation is closed already.
talk-reopen-already = The conversation is open already.
talk-assign-whom = Who is to answer this client?
talk-assign-nobody = Nobody here is called “{ $wanted }”. Who is to answer this client?
talk-assign-already = { $name } answers this client already.
talk-assign-no-right = Only whoever answers this client, or a head of the branch, can hand the conversation over. /take takes it over.
talk-offer-how = Write the offer after the command: /offer and its text. It leaves when a head consents.
talk-link-how = Write who it is: /link and a phone with the country's code, or the client's number in RentProg.
talk-link-none = RentProg has no client “{ $wanted }”.
talk-link-which = Several clients fit. Which one is it?

## Groups of one's own

bind-own-how = You have no right to bind a branch. Your own group for clients: /bind me, for tasks: /bind tasks.
bind-own-done = ✅ { $purpose ->
    [task_group] This is now your group for tasks.
   *[other] This is now your group for clients.
}
bind-own-already = This is your group already.
bind-own-move = You have the group “{ $group }” for this. Move here?
bind-group-is-taken = This group serves something else or is somebody else's. Take another one.
alarm-client-nowhere = 🙈 A client is waiting and nobody can read it (lead { $lead }, { $channel ->
    [whatsapp] WhatsApp
    [telegram] Telegram
    [instagram] Instagram
   *[other] { $channel }
}): nobody up the chain has a group for clients. Write /bind me in one.

menu-take = answer this client myself
menu-assign = hand the client over
menu-close = close the conversation
menu-reopen = reopen the conversation
menu-consult = talk without the client, and back
menu-link = say who the client is
menu-offer = an offer, after a head's consent

help-clients =
    {""}
    <b>In a client's topic</b>
    What you write or say there goes to the client in their language; under your message you see whether it left. Photos and files go too.
    /take — answer myself, /assign — hand over
    /consult — talk without the client, and back
    /offer — an offer, after a head's consent
    /link — say who the client is
    /close and /reopen — close, open again
