resource "aws_db_snapshot" "before" {
  db_snapshot_identifier = "before-upgrade"
  db_instance_identifier = "cuggu-db"
  shared_accounts        = ["444455556666"]
}
