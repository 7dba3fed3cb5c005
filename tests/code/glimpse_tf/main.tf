# glimpse as Terraform: environments/startup-prod, with the module of its network.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "redis_token" {
  type      = string
  sensitive = true
}

variable "oncall" {
  type    = string
  default = "oncall@glimpse.contact"
}

variable "account" {
  type    = string
  default = "111122223333"
}

locals {
  region   = "ap-northeast-2"
  prefix   = "glimpse-prod"
  domain   = "glimpse.contact"
  port     = 3001
  registry = "${var.account}.dkr.ecr.${local.region}.amazonaws.com"
  tags = {
    Project     = "glimpse"
    Environment = "prod"
  }
}

provider "aws" {
  region                      = local.region
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true

  default_tags {
    tags = local.tags
  }
}

module "networking" {
  source             = "./networking"
  prefix             = local.prefix
  vpc_cidr           = "10.0.0.0/16"
  availability_zones = ["ap-northeast-2a", "ap-northeast-2c"]
}

# What the rules ask of an account.

resource "aws_s3_account_public_access_block" "this" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_iam_account_password_policy" "this" {
  minimum_password_length        = 14
  require_symbols                = true
  require_numbers                = true
  require_uppercase_characters   = true
  require_lowercase_characters   = true
  allow_users_to_change_password = true
  password_reuse_prevention      = 24
}

resource "aws_ebs_encryption_by_default" "this" {
  enabled = true
}
