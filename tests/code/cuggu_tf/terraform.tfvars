stage             = "prod"
database_password = "not-a-real-password"
