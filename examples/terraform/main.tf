# The files for nginx on a new host, written by cloud-init. Give the output to the host as its user data.

module "mailcow_proxy" {
  source      = "../../integrations/terraform"
  description = file("${path.module}/../minimal.yaml")
  targets     = ["nginx"]
}

output "user_data" {
  value = join("\n", ["#cloud-config", yamlencode({
    write_files = [for file in values(module.mailcow_proxy.files) : {
      path        = file.install_path
      permissions = file.mode
      content     = file.content
    }]
  })])
}
