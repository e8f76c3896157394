## The inbox of clients

alarm-umnico-hook = { $why ->
    [off] 🔕 Umnico had switched our webhook off. It is on again, and what was missed is being read from the conversations.
    [absent] 🔕 Our webhook was gone from Umnico. It is registered again, and what was missed is being read from the conversations.
    [refused] 🔕 Umnico does not register our webhook. New messages come only with the look through the inbox, some minutes late.
   *[trouble] 🔕 Our webhook in Umnico could not be checked. New messages come only with the look through the inbox, some minutes late.
}
