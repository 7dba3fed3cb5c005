resource "aws_apprunner_service" "web" {
  service_name = "web"

  source_configuration {
    auto_deployments_enabled = false
    image_repository {
      image_identifier      = "public.ecr.aws/nginx/nginx:stable"
      image_repository_type = "ECR_PUBLIC"
    }
  }

  instance_configuration {
    cpu               = "1024"
    memory            = "2048"
    instance_role_arn = "arn:aws:iam::111122223333:role/research"
  }

  network_configuration {
    ip_address_type = "IPV4"
    egress_configuration {
      egress_type = "DEFAULT"
    }
    ingress_configuration {
      is_publicly_accessible = true
    }
  }

  encryption_configuration {
    kms_key = "arn:aws:kms:ap-northeast-2:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
  }

  tags = { app = "research" }
}
