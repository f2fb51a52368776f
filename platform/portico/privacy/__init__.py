"""A school's and a student's data as files anybody can read, and a school coming and going."""
