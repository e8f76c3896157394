## A draft of an answer to a client

reply-draft-to-edit = ✏️ Copy it, change it and send it here: what you write is what leaves.
    <pre>{ $words }</pre>
reply-draft-outdated = ⏳ The draft was not sent: the client has written, or was answered, since. Read the newest messages.
reply-draft-held = ⚠️ The draft cannot be sent as it is: its card says why. Press “Edit” and correct it.
reply-draft-in-consult = 🤫 Not sent: this is an internal talk, the client gets nothing.
reply-draft-closed = 🔒 Not sent: the conversation is closed. Reopen it and answer.
