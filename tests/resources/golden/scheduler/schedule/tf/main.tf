resource "aws_scheduler_schedule" "cleanup" {
  name                         = "cleanup"
  group_name                   = "nightly"
  description                  = "sweep"
  schedule_expression          = "cron(0 3 * * ? *)"
  schedule_expression_timezone = "Asia/Seoul"
  start_date                   = "2026-03-01T00:00:00Z"
  kms_key_arn                  = "arn:aws:kms:ap-northeast-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"

  flexible_time_window {
    mode                      = "FLEXIBLE"
    maximum_window_in_minutes = 15
  }

  target {
    arn      = "arn:aws:ecs:ap-northeast-2:111122223333:cluster/jobs"
    role_arn = "arn:aws:iam::111122223333:role/cuggu-server"

    ecs_parameters {
      task_definition_arn = "arn:aws:ecs:ap-northeast-2:111122223333:task-definition/sweep:1"
      launch_type         = "FARGATE"

      network_configuration {
        subnets         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
        security_groups = ["sg-0ccc1111222233334"]
      }
    }
  }
}
