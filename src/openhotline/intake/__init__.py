"""The public door: reports, addresses, receipts, collections."""
