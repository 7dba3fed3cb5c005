resource "aws_ebs_volume" "files" {
  availability_zone = "ap-northeast-2a"
  encrypted         = true
  kms_key_id        = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  size              = 100
  type              = "gp3"
  iops              = 4000
  throughput        = 250
  snapshot_id       = "snap-0123456789abcdef0"

  tags = {
    Name = "files"
  }
}

resource "aws_volume_attachment" "files" {
  device_name = "/dev/sdf"
  volume_id   = aws_ebs_volume.files.id
  instance_id = "i-0123456789abcdef0"
}
