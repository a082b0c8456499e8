"""The fold "Pattern": how the clusters lie beside each other, measured and shown."""
