client-unnamed = Клиент { $number }
