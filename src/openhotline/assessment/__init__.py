"""What an analyst decides, and the second opinion."""
