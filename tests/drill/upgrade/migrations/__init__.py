IN_THE_WAY = "In the way of an upgrade"  # a term of this name makes the migration break
