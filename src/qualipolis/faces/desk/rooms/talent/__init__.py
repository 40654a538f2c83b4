"""Pages of training, certificates and awards."""
