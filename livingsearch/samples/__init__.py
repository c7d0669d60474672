"""The sample exports: real bibliographic facts, written the way each platform writes them."""
