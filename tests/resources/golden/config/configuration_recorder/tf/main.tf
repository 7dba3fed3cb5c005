resource "aws_config_configuration_recorder" "all" {
  name     = "default"
  role_arn = "arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"

  recording_group {
    all_supported = false

    exclusion_by_resource_types {
      resource_types = ["AWS::IAM::Role", "AWS::IAM::Group"]
    }

    recording_strategy {
      use_only = "EXCLUSION_BY_RESOURCE_TYPES"
    }
  }

  recording_mode {
    recording_frequency = "CONTINUOUS"

    recording_mode_override {
      description         = "once a day is enough"
      resource_types      = ["AWS::EC2::Volume"]
      recording_frequency = "DAILY"
    }
  }
}

resource "aws_config_configuration_recorder_status" "all" {
  name       = aws_config_configuration_recorder.all.name
  is_enabled = true
}
