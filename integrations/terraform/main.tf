# A module for Terraform and OpenTofu that gives the files that mailcow-proxy generates. It writes nothing itself.

terraform {
  required_providers {
    external = {
      source  = "hashicorp/external"
      version = "~> 2.0"
    }
  }
}

variable "description" {
  description = "The description of a mailcow host, as YAML or JSON."
  type        = string
}

variable "targets" {
  description = "The targets to generate, instead of those of the description."
  type        = list(string)
  default     = []
}

data "external" "mailcow_proxy" {
  program = ["sh", "${path.module}/mailcow-proxy.sh"]

  query = {
    description = var.description
    targets     = join(",", var.targets)
  }
}

output "files" {
  description = "The files by path, with the keys that schemas/files.schema.json describes."
  value       = { for file in jsondecode(data.external.mailcow_proxy.result.files) : file.path => file }
}
