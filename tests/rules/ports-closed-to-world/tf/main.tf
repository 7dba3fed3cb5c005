resource "aws_security_group" "pass_1" {
  name        = "web-pass-1"
  description = "web"

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "pass_2_app" {
  name = "app-pass-2"
}

resource "aws_security_group" "pass_2" {
  name        = "data-pass-2"
  description = "data"

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.pass_2_app.id]
  }

  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["10.0.0.0/8"]
  }

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["203.0.113.0/24"]
  }
}

resource "aws_security_group" "pass_3" {
  name        = "odd-pass-3"
  description = "odd"

  ingress {
    protocol    = "udp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "pass_4" {
  name        = "quiet-pass-4"
  description = "quiet"

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "fail_1" {
  name        = "shell-fail-1"
  description = "shell"

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "fail_2" {
  name        = "shell-fail-2"
  description = "shell"

  ingress {
    protocol         = "tcp"
    from_port        = 22
    to_port          = 22
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "fail_3" {
  name        = "range-fail-3"
  description = "range"

  ingress {
    protocol    = "tcp"
    from_port   = 20
    to_port     = 4000
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "fail_4" {
  name        = "all-fail-4"
  description = "all"

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "fail_5" {
  name        = "numbered-fail-5"
  description = "numbered"

  ingress {
    protocol    = "6"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "fail_6" {
  name        = "halves-fail-6"
  description = "halves"

  ingress {
    protocol    = "tcp"
    from_port   = 3306
    to_port     = 3306
    cidr_blocks = ["0.0.0.0/1"]
  }

  ingress {
    protocol    = "tcp"
    from_port   = 3306
    to_port     = 3306
    cidr_blocks = ["128.0.0.0/1"]
  }
}
