"""Large results as files that are opened piece by piece: in tiles and ever smaller levels."""
