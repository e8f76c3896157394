## Who hears of damage

damage-told = { $severity ->
    [4] 🆘
    [3] 🔴
   *[other] 🟠
} <b>New damage</b> on { $car }: { damage-kind }, { damage-part }
    Severity: { damage-severity }. Inspection № { $inspection } ({ $occasion ->
    [hand_over] hand-over
   *[return] return
}), said by { $by }. The photos are in the topic of the car.
damage-waits = 🟡 { $car }: { $count ->
    [one] one finding waits
   *[other] { $count } findings wait
} for your decision. The worst may be: { damage-severity }. Inspection № { $inspection }, in the topic of the car.

## Answers to a press

damage-not-yours = Who decides this: { role } or above ({ $who }). Nothing was changed.
damage-taken = Finding № { $number } was already decided by { $by }: { $state ->
    [new] new damage
    [known] known damage
    [not_damage] not damage
   *[other] a better photo is wanted
}. They may change it, or somebody with a higher role.
damage-too-late = The review of inspection № { $inspection } is over: nothing is decided in it any more.
damage-reviewed-already = Inspection № { $inspection } was already reviewed by { $by }.
damage-review-too-early = Inspection № { $inspection } is not ready for its review: the photos are still being taken or looked at.
damage-review-fuel = ⛽ { $gap } % of the tank is missing. Inspection No. { $inspection } is closed by { role } or above ({ $who }). Nothing has changed.
damage-review-undecided = In inspection № { $inspection } { $count ->
    [one] one finding is
   *[other] { $count } findings are
} not decided. Decide first, then press again.

## A near photo

damage-close-up = 🔍 { $by } confirmed № { $number }: { damage-kind }, { damage-part } ({ $car }). Please send one photo of it from near.
damage-better-photo = 🔍 { $by } asks for a better photo of № { $number }: { damage-kind }, { damage-part } ({ $car }). Please send one from near, in good light.

## Whether the car may be issued

damage-hold-proposed = ⛔ Proposal: do not issue { $car }. Inspection № { $inspection }: { damage-severity }. A head decides.
damage-hold-asked = ❓ May { $car } be issued? Inspection № { $inspection }: { damage-severity }. A head decides.
damage-hold-button-keep = ⛔ Do not issue
damage-hold-button-issue = ✅ May be issued
damage-held = ⛔ { $car } is not to be issued: { $by }
damage-released = ✅ { $car } may be issued: { $by }
damage-hold-withdrawn = The proposal not to issue { $car } is withdrawn: the damage it was made for is not there.
damage-hold-already = { $state ->
    [held] It is decided already: not to be issued ({ $by }).
   *[free] Nothing keeps this car back.
}

## What the machine may be trusted with

abilities-none = 👁 No machine looked for damage: only people did.
abilities-sees = 🤖 The machine looks for:
abilities-kind = • { damage-kind } (nobody has measured how well)
abilities-kind-measured = • { damage-kind }: { $right } of 100 are right, it finds { $seen } of 100
abilities-blind = Only people look for:
abilities-blind-kind = { damage-kind }
