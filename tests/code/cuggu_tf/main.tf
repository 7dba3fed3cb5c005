# cuggu as Terraform: the architecture of the document, in one root module and one for the network.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "stage" {
  type    = string
  default = "dev"
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "oncall" {
  type = map(string)
  default = {
    email = "oncall@cuggu.com"
    https = "https://global.sns-api.chatbot.amazonaws.com"
  }
}

locals {
  prefix    = "cuggu-${var.stage}"
  region    = "ap-northeast-2"
  domain    = "cuggu.com"
  retention = 30
  tags = {
    "sst:app"   = "cuggu"
    "sst:stage" = var.stage
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

# CloudFront takes certificates from here only.
provider "aws" {
  alias                       = "virginia"
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

module "network" {
  source = "./network"
  prefix = local.prefix
  region = local.region
  cidr   = "10.20.0.0/16"
}
