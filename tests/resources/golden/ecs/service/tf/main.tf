resource "aws_ecs_service" "api" {
  name                               = "api"
  cluster                            = "arn:aws:ecs:ap-northeast-2:111122223333:cluster/web"
  task_definition                    = "arn:aws:ecs:ap-northeast-2:111122223333:task-definition/api:7"
  desired_count                      = 2
  platform_version                   = "1.4.0"
  deployment_minimum_healthy_percent = 50
  enable_execute_command             = true
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  health_check_grace_period_seconds  = 60
  iam_role                           = "arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    weight            = 1
    base              = 1
  }
  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 9
  }
  network_configuration {
    subnets         = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
    security_groups = ["sg-0123456789abcdef0"]
  }
  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/api/0123456789abcdef"
    container_name   = "api"
    container_port   = 3000
  }
  tags = { app = "glimpse" }
}
