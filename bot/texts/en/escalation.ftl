## Who owes an answer

wait-remind = ⏰ <a href="tg://user?id={ $id }">{ $who }</a>, { wait-what } for { worked } of working time.
worked = { $minutes ->
    [0] less than a minute
   *[other] { $minutes } min
}
wait-what = { $kind ->
    [conversation] the client { $name } has been waiting for an answer
    [task] task { $name } has been waiting
    [inspection_hand_over] the hand-over inspection of { $name } has been missing
    [inspection_return] the return inspection of { $name } has been missing
    [review] findings on { $name } have been waiting for your decision
   *[approval] a consent has been waiting for your decision
}
wait-moved-to-you = ⏫ { wait-thing } is yours now: { $why ->
    [absent] { $former } is away
   *[silent] { $former } gave no answer for { worked } of working time
}.
wait-moved-on = ⏫ { wait-thing } went to <b>{ $to }</b>: { $why ->
    [absent] you are away
   *[silent] { worked } of working time went by without an answer
}.
wait-thing = { $kind ->
    [conversation] The client { $name }
    [task] Task { $name }
    [inspection_hand_over] The hand-over inspection of { $name }
    [inspection_return] The return inspection of { $name }
    [review] The decision about findings on { $name }
   *[approval] A consent
}
alarm-nobody-left = 🆘 Nobody is left to ask: { $kind ->
    [conversation] the client of lead { $name }
    [task] task { $name }
    [inspection_hand_over] the hand-over inspection of { $name }
    [inspection_return] the return inspection of { $name }
    [review] findings on { $name }
   *[approval] a consent ({ $name })
}, branch { $branch }, has waited { worked } of working time. Everybody of the chain is away or gone. Please decide who answers.

unanswered-title = ⏳ Waiting for an answer: <b>{ $count }</b>
unanswered-none = ✅ Nobody waits for an answer.
unanswered-line = { $kind ->
    [conversation] 💬
    [task] 📌
    [inspection] 🚗
    [review] 🔎
   *[approval] ✍️
} <b>{ $name }</b> · { waited } · { $holder }{ $level ->
    [1] {" "}(branch head)
    [2] {" "}(division head)
    [3] {" "}(director)
   *[0] {""}
}
waited = { $hours ->
    [0] { $minutes ->
        [0] just now
       *[other] { $minutes } min
    }
   *[other] { $hours } h { $minutes } min
}
unanswered-link = <a href="{ $url }">Open the topic</a>
unanswered-more = … and { $count } more

away-how = Write until when: /away 25.11, /away 25.11 14:00, /away 18:00; without a time, until /back. A head may name somebody: /away @username 25.11
away-set = 🌴 { $name } is away until { $until }. What waits for them goes to the next one of the chain.
away-set-open = 🌴 { $name } is away until /back. What waits for them goes to the next one of the chain.
away-nobody = Nobody of the staff is called { $name }.
back-set = 👋 { $name } is back.
back-not-away = { $name } was not away.

menu-unanswered = who waits for an answer
menu-away = I am away
menu-back = I am back

## Consent

approval-title = ✍️ <b>Your consent is needed</b>: { approval-action }
approval-action = { $action ->
    [offer] an offer to a client
   *[other] { $action }
}
approval-shown = <b>{ $label ->
    [client_text] The client will read
    [staff_text] Written by staff
    [client] Client
    [amount] Amount
    [car] Car
   *[other] { $label }
}</b>: { $value }
approval-asker = Asked by: { $name }
approval-branch = Branch: { $branch }
approval-origin = ⚠️ Words of a stranger that led to it, not to be trusted: <i>{ $text }</i>
approval-until = ⏳ Without a decision by { $time } it is not done.
approval-state = { approval-end }
approval-end = { $state ->
    [consumed] ✅ Allowed: { $by }
    [refused] 🚫 Refused: { $by }
   *[expired] ⌛️ Nobody decided in time: not done
}
approval-ended = { approval-end } ({ approval-action })
approval-allow = Allow
approval-refuse = Refuse
approval-not-done = { $why ->
    [already] It is decided already. Nothing has changed.
    [own] Nobody consents to what they asked for themselves. Somebody else has to decide.
    [expired] The time for it is over: it was not done.
    [changed] What would be done is no longer what you were shown, so your consent does not cover it. It was not done.
   *[not_yours] This decision is not within your rights. Nothing has changed.
}
