## დათვალიერებები: რას ამბობს აგენტი თავად

inspect-button = { $occasion ->
    [hand_over] 📸 გაცემა
   *[return] 📸 მიღება
}
