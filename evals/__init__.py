"""Questions with known answers, asked at the same doors, and the score kept."""
