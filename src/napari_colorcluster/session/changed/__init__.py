"""What has changed since a result was made: found out, compared, and counted again."""
