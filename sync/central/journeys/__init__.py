"""Where people stop on their way through a form, as kiosks count it: numbers and nobody."""
