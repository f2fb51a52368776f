"""Pages where a district admin or a coordinator brings people in from a roster."""
