"""Photos, videos and documents, kept under the hash of their content: on a local disk or in an S3-compatible store."""
