## Inspections: what the agent says by itself

inspect-button = { $occasion ->
    [hand_over] 📸 Hand over
   *[return] 📸 Return
}
