resource "aws_cloudwatch_event_rule" "cleanup" {
  name                = "cuggu-cleanup"
  description         = "every night"
  schedule_expression = "cron(0 18 * * ? *)"

  tags = { app = "cuggu" }
}

resource "aws_cloudwatch_event_target" "function" {
  rule      = aws_cloudwatch_event_rule.cleanup.name
  target_id = "fn"
  arn       = "arn:aws:lambda:ap-northeast-2:111122223333:function:cuggu-cleanup"

  input_transformer {
    input_paths    = { when = "$.time" }
    input_template = "{\"when\": <when>}"
  }

  retry_policy {
    maximum_retry_attempts       = 2
    maximum_event_age_in_seconds = 3600
  }

  dead_letter_config {
    arn = "arn:aws:sqs:ap-northeast-2:111122223333:cuggu-dead"
  }
}

resource "aws_cloudwatch_event_target" "box" {
  rule      = aws_cloudwatch_event_rule.cleanup.name
  target_id = "box"
  arn       = "arn:aws:ecs:ap-northeast-2:111122223333:cluster/jobs"
  role_arn  = "arn:aws:iam::111122223333:role/cuggu-server"

  ecs_target {
    task_definition_arn = "arn:aws:ecs:ap-northeast-2:111122223333:task-definition/sweep:1"
    launch_type         = "FARGATE"

    network_configuration {
      subnets         = ["subnet-0c11112222333344c", "subnet-0a11112222333344a"]
      security_groups = ["sg-0ccc1111222233334"]
    }
  }
}
