"""How it is mended: a fix is data (`plan`), made and undone by one engine (`apply`) that writes down what it does."""
