"""Files sealed before they reach the disk, served only through their owner's access rule."""
