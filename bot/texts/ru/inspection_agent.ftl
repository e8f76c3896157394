## Осмотры: что агент говорит сам

inspect-button = { $occasion ->
    [hand_over] 📸 Выдать
   *[return] 📸 Принять
}
