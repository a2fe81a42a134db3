"""What the trainer learns from: real samples, synthetic writing, and how they are mixed."""
