resource "aws_codebuild_project" "subject" {
  name               = "shop-image"
  description        = "Builds the image of the shop"
  service_role       = "arn:aws:iam::111122223333:role/shop-build"
  build_timeout      = 20
  encryption_key     = "arn:aws:kms:ap-northeast-2:111122223333:key/1a2b3c4d-0000-4000-8000-000000000000"
  project_visibility = "PRIVATE"

  artifacts {
    type = "NO_ARTIFACTS"
  }

  source {
    type            = "GITHUB"
    location        = "https://github.com/shop/app.git"
    git_clone_depth = 1
    buildspec       = "version: 0.2"
  }

  environment {
    type            = "ARM_CONTAINER"
    image           = "aws/codebuild/amazonlinux2-aarch64-standard:3.0"
    compute_type    = "BUILD_GENERAL1_SMALL"
    privileged_mode = true

    environment_variable {
      name  = "REPOSITORY"
      value = "[redacted]"
    }
    environment_variable {
      name  = "HUB_LOGIN"
      value = "[redacted]"
      type  = "SECRETS_MANAGER"
    }
  }

  vpc_config {
    vpc_id             = "vpc-0a1"
    subnets            = ["subnet-0a1", "subnet-0b2"]
    security_group_ids = ["sg-0a1"]
  }

  logs_config {
    cloudwatch_logs {
      group_name = "/build/shop"
    }
  }
}
