"""What is offered: sites, mentors, opportunities, wishlists. In a school's schema."""
