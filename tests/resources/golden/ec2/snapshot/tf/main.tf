resource "aws_ebs_snapshot" "before" {
  volume_id    = "vol-0123456789abcdef0"
  description  = "before the move"
  storage_tier = "archive"
}

resource "aws_snapshot_create_volume_permission" "others" {
  snapshot_id = aws_ebs_snapshot.before.id
  account_id  = "444455556666"
}
