client-unnamed = Client { $number }
