"""What is a cell of a form? Its key, its packed number, its value and its period."""
