client-unnamed = კლიენტი { $number }
