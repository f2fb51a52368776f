"""What crosses schools: the pool, its origins, holds, partners. In the region's schema."""
