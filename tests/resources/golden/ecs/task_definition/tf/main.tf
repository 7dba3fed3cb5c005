resource "aws_ecs_task_definition" "api" {
  family                   = "api"
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = "arn:aws:iam::111122223333:role/api-task"
  execution_role_arn       = "arn:aws:iam::111122223333:role/api-execution"
  requires_compatibilities = ["FARGATE"]
  runtime_platform {
    cpu_architecture        = "ARM64"
    operating_system_family = "LINUX"
  }
  volume {
    name = "files"
    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      root_directory     = "/"
      transit_encryption = "ENABLED"
      authorization_config {
        access_point_id = "fsap-0123456789abcdef0"
        iam             = "ENABLED"
      }
    }
  }
  volume {
    name = "cache"
  }
  container_definitions = jsonencode([{
    name                   = "api"
    image                  = "111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/api:1.2"
    essential              = true
    portMappings           = [{ containerPort = 3000, protocol = "tcp" }]
    environment            = [{ name = "MODE", value = "production" }, { name = "PORT", value = "3000" }]
    secrets                = [{ name = "DB_PASSWORD", valueFrom = "arn:aws:secretsmanager:ap-northeast-2:111122223333:secret:app-AbCdEf:password::" }]
    mountPoints            = [{ sourceVolume = "files", containerPath = "/files", readOnly = false }]
    readonlyRootFilesystem = true
    privileged             = false
    user                   = "node"
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = "/ecs/api", "awslogs-region" = "ap-northeast-2", "awslogs-stream-prefix" = "api" }
    }
    healthCheck = { command = ["CMD-SHELL", "curl -f http://localhost:3000/"], interval = 30, timeout = 5, retries = 3 }
  }])
}
