resource "aws_autoscaling_group" "web" {
  name                      = "web"
  min_size                  = 1
  max_size                  = 4
  desired_capacity          = 2
  vpc_zone_identifier       = ["subnet-0a11112222333344a", "subnet-0c11112222333344c"]
  target_group_arns         = ["arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/web/0123456789abcdef"]
  health_check_type         = "ELB"
  health_check_grace_period = 120
  default_cooldown          = 300
  termination_policies      = ["OldestInstance"]
  capacity_rebalance        = true
  max_instance_lifetime     = 604800
  enabled_metrics           = ["GroupInServiceInstances", "GroupDesiredCapacity"]
  service_linked_role_arn   = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
  launch_template {
    id      = "lt-0123456789abcdef0"
    version = "$Latest"
  }
  tag {
    key                 = "app"
    value               = "pingvas"
    propagate_at_launch = true
  }
}
