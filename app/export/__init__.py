"""Write what was decided into files that training programs read. Knows no screen and no model."""
