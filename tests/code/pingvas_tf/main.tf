terraform {
  required_version = ">= 1.6"
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.80" }
  }
}

provider "aws" {
  region = "ap-northeast-2"
  default_tags { tags = { Project = "pingvas", ManagedBy = "terraform" } }
}

# CloudFront takes its web ACL and its certificate from here.
provider "aws" {
  alias  = "virginia"
  region = "us-east-1"
  default_tags { tags = { Project = "pingvas", ManagedBy = "terraform" } }
}

variable "account" {
  type    = string
  default = "123456789012"
}

variable "listed" {
  description = "from where the VPN may be used"
  type        = list(string)
  default     = ["203.0.113.0/28", "198.51.100.7/32"]
}

locals {
  name  = "pingvas"
  zones = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"]
}
