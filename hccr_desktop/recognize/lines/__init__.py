"""Lines of text → characters: as wholes, along spikes of a network, or cut and put together again."""
