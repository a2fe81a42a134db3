"""What is trained: each network with its batches, its loss, its examination and its export, on `trainer.run`."""
