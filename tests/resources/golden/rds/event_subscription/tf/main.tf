resource "aws_db_event_subscription" "events" {
  name             = "database-events"
  sns_topic        = "arn:aws:sns:ap-northeast-2:111122223333:alerts"
  source_type      = "db-instance"
  source_ids       = ["cuggu-db"]
  event_categories = ["failure", "maintenance"]
}
