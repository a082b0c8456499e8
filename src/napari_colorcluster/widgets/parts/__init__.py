"""Parts that several folds are made of; they know nothing of clusterings."""
