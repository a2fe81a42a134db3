; The Windows installer, compiled by installer/build.py with Version and Folder.
[Setup]
AppId={{7E4A2B0C-6E1B-4C55-9B7B-0C1F9A6B7D21}
AppName=Hccr Desktop
AppVersion={#Version}
AppPublisher=The authors of Hccr Desktop
DefaultDirName={autopf}\Hccr Desktop
DefaultGroupName=Hccr Desktop
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
Compression=lzma2
SolidCompression=yes
LicenseFile=..\LICENSE
OutputBaseFilename=hccr-desktop-{#Version}-setup
UninstallDisplayIcon={app}\hccr-desktop.exe
WizardStyle=modern

[Languages]
Name: en; MessagesFile: "compiler:Default.isl"
#if FileExists(AddBackslash(CompilerPath) + "Languages\ChineseSimplified.isl")
Name: zh_CN; MessagesFile: "compiler:Languages\ChineseSimplified.isl"
#endif
#if FileExists(AddBackslash(CompilerPath) + "Languages\ChineseTraditional.isl")
Name: zh_TW; MessagesFile: "compiler:Languages\ChineseTraditional.isl"
#endif

[CustomMessages]
ForgetAll=Delete your samples, models, texts and settings, too? They cannot be brought back.
Stayed=Not everything of yours could be deleted: close the program, then delete the folder “Hccr Desktop” in your application data.
#if FileExists(AddBackslash(CompilerPath) + "Languages\ChineseSimplified.isl")
zh_CN.ForgetAll=同时删除您的样本、模型、文本和设置吗？删除后无法恢复。
zh_CN.Stayed=您的数据未能全部删除：请关闭程序，然后删除应用数据中的“Hccr Desktop”文件夹。
#endif
#if FileExists(AddBackslash(CompilerPath) + "Languages\ChineseTraditional.isl")
zh_TW.ForgetAll=同時刪除您的樣本、模型、文字和設定嗎？刪除後無法復原。
zh_TW.Stayed=您的資料未能全部刪除：請關閉程式，然後刪除應用程式資料中的「Hccr Desktop」資料夾。
#endif

[InstallDelete]
; What an earlier version had and this one has not would be taken for its own.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[Icons]
Name: "{group}\Hccr Desktop"; Filename: "{app}\hccr-desktop.exe"
Name: "{autodesktop}\Hccr Desktop"; Filename: "{app}\hccr-desktop.exe"; Tasks: desktop

[Tasks]
Name: desktop; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[Registry]
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File"; ValueType: string; ValueData: "Handwriting"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File\DefaultIcon"; ValueType: string; ValueData: "{app}\hccr-desktop.exe,0"
Root: HKA; Subkey: "Software\Classes\HccrDesktop.File\shell\open\command"; ValueType: string; ValueData: """{app}\hccr-desktop.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.inkml\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.gnt\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.pdf\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.png\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.jpg\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tif\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.tiff\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.jpeg\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.webp\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\.bmp\OpenWithProgids"; ValueType: string; ValueName: "HccrDesktop.File"; ValueData: ""; Flags: uninsdeletevalue

[Run]
Filename: "{app}\hccr-desktop.exe"; Description: "{cm:LaunchProgram,Hccr Desktop}"; Flags: nowait postinstall skipifsilent

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Code: Integer;
begin
  if (Step = usUninstall) and not UninstallSilent then
    if MsgBox(CustomMessage('ForgetAll'), mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
      if not Exec(ExpandConstant('{app}\hccr.exe'), 'forget --yes', '', SW_HIDE, ewWaitUntilTerminated, Code)
         or (Code <> 0) then
        MsgBox(CustomMessage('Stayed'), mbError, MB_OK);
end;
